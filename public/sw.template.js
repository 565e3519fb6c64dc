// The service worker: the app starts and works without a network. `cargo xtask build` fills in
// the version (a hash over this text and every file) and the list of files.
'use strict';

const VERSION = '__VERSION__';
const FILES = __FILES__;
const CACHE = `xunhe-${VERSION}`;
const COMPLETE = '/__complete';
// The map is large and not needed to record: its files are kept once somebody looked at a map, or
// when the line is good. Its version is its own, so that a new app does not fetch it again.
const MAP_VERSION = '__MAP_VERSION__';
const MAP_FILES = __MAP_FILES__;
const MAP_CACHE = `xunhe-map-${MAP_VERSION}`;

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
    if (name.startsWith('xunhe-') && name !== CACHE && name !== MAP_CACHE) await caches.delete(name);
  }
}

// A part of the map: from the cache, else from the network and then kept. The desk may be of a
// newer version than this worker and takes its own from the network.
async function mapPart(event, file) {
  const page = await self.clients.get(event.clientId);
  if (page && new URL(page.url).pathname.startsWith('/console')) return fetch(event.request);
  const kept = await caches.match(file.url, { cacheName: MAP_CACHE });
  if (kept) return kept;
  try {
    const cache = await caches.open(MAP_CACHE);
    await take(cache, file);
    return (await cache.match(file.url)) || fetch(event.request);
  } catch (_) {
    // Not of this version, or no room: looking at the map matters more than keeping it.
    return fetch(event.request);
  }
}

// Only over a line that is good and free: a map is never worth what a report needs.
async function keepMap() {
  const line = self.navigator.connection;
  if (line && (line.saveData || (line.effectiveType && line.effectiveType !== '4g'))) return;
  const cache = await caches.open(MAP_CACHE);
  for (const file of MAP_FILES) {
    if (!(await cache.match(file.url))) await take(cache, file);
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

self.addEventListener('install', (event) => {
  // Chromium keeps the bytes of every request that it shows to a worker for as long as the worker
  // lives, and photos going up keep it alive: a gigabyte sent was a gigabyte of memory. A browser
  // that does not know routes shows them, and the worker lets them pass.
  const past = { condition: { urlPattern: '/api/*' }, source: 'network' };
  if (event.addRoutes) event.waitUntil(event.addRoutes([past]).catch(() => {}));
  event.waitUntil(install());
});
self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('message', (event) => {
  // Only the page takes over, and only when no form is open: never by itself in `install`.
  if (event.data && event.data.type === 'take-over') self.skipWaiting();
  if (event.data && event.data.type === 'ask-kill') event.waitUntil(askKill());
  // What is missing comes with the next look at a map.
  if (event.data && event.data.type === 'keep-map') event.waitUntil(keepMap().catch(() => {}));
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
  const part = MAP_FILES.find((file) => file.url === path);
  if (part) {
    event.respondWith(mapPart(event, part));
    return;
  }
  if (path === '/' || FILES.some((file) => file.url === path)) {
    event.respondWith(answer(event.request, path));
  }
});
