// The service worker: the app starts and works without a network. `cargo xtask build` fills in
// the version (a hash over this text and every file) and the list of files.
'use strict';

const VERSION = '__VERSION__';
const FILES = __FILES__;
const CACHE = `xunhe-${VERSION}`;
const COMPLETE = '/__complete';

// A file counts only if it is byte for byte the one of this build: a captive portal's page, a
// proxy's error, half a file or another build's file all fail the whole installation, and the
// version that works stays.
async function take(cache, file) {
  const answer = await fetch(file.url, { cache: 'reload', credentials: 'same-origin' });
  const type = (answer.headers.get('content-type') || '').split(';')[0].trim();
  if (answer.status !== 200 || answer.type !== 'basic' || answer.redirected || type !== file.type) {
    throw new Error(`${file.url}: not the file of this version`);
  }
  const bytes = await answer.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
  if (bytes.byteLength !== file.size || hex !== file.sha256) {
    throw new Error(`${file.url}: changed on the way`);
  }
  await cache.put(file.url, answer);
}

async function install() {
  // Registered anew after it was taken away: the files are there, and may be in use.
  if (await isComplete()) return;
  await caches.delete(CACHE);
  try {
    const cache = await caches.open(CACHE);
    for (const file of FILES) await take(cache, file);
    await cache.put(COMPLETE, new Response(VERSION));
  } catch (error) {
    // Half a version is of no use, and the phone may be short of room for records.
    await caches.delete(CACHE);
    throw error;
  }
}

async function isComplete() {
  return (await caches.match(COMPLETE, { cacheName: CACHE })) !== undefined;
}

async function activate() {
  if (!(await isComplete())) return;
  for (const name of await caches.keys()) {
    if (name.startsWith('xunhe-') && name !== CACHE) await caches.delete(name);
  }
}

// From the cache only while it is complete; a shell without its script helps nobody.
async function answer(request, path) {
  if (await isComplete()) {
    const found = await caches.match(path, { cacheName: CACHE });
    if (found) return found;
  }
  return fetch(request);
}

// The emergency exit: the server answers /sw-kill with the word "kill". The worker and its caches
// go; IndexedDB, where the records are, is never touched. Asked at each start of the app by the
// worker itself, because the page of a broken version may be unable to ask.
async function askKill() {
  try {
    const said = await fetch('/sw-kill', { cache: 'no-store' });
    if (said.status !== 200 || (await said.text()).trim() !== 'kill') return;
    for (const name of await caches.keys()) {
      if (name.startsWith('xunhe-')) await caches.delete(name);
    }
    await self.registration.unregister();
  } catch (_) {
    // No network: nothing to do.
  }
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('message', (event) => {
  // Only the page takes over, and only when no form is open: never by itself in `install`.
  if (event.data && event.data.type === 'take-over') self.skipWaiting();
  if (event.data && event.data.type === 'ask-kill') event.waitUntil(askKill());
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  // What is not ours is not touched: above all no POST, ever.
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/console')) return;
  if (url.pathname === '/sw-kill' || url.pathname === '/healthz') return;
  const start = event.request.mode === 'navigate';
  if (start) event.waitUntil(askKill());
  const path = start ? '/' : url.pathname;
  if (path === '/' || FILES.some((file) => file.url === path)) {
    event.respondWith(answer(event.request, path));
  }
});
