// <river-map>: waters, boundaries, records and tracks on one map. Loaded only where a map is
// looked at; everything else of the product does without it.
//
// Properties (set by the app, JSON texts):
//   ground  [{name, source, data}]: what lies below, as the server gives it; '' until it is known
//   shown   {layer: FeatureCollection}; layers are `reaches`, `outfalls`, `tracks`, `records`, `me`
//   chosen  the `id` of the record that stands out, or ''
//   words   {label, zoomIn, zoomOut, failed}
// A point of `records` and `outfalls` has `id`, `mark` (one character) and `tone`; a line of
// `tracks` says in `gap` whether anybody walked it. Picking one fires `pick` with its id as detail.
// Positions are WGS-84 and drawn as such: no tiles of another datum lie below.
'use strict';

const LIBRARY = '/map/maplibre/';
const EMPTY = { type: 'FeatureCollection', features: [] };
const LAYERS = ['reaches', 'outfalls', 'tracks', 'records', 'me'];
const STILL = { animate: false, padding: 40, maxZoom: 13 };

let library;

function load() {
  library ??= new Promise((resolve, reject) => {
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = `${LIBRARY}maplibre-gl.css`;
    const script = document.createElement('script');
    script.src = `${LIBRARY}maplibre-gl-csp.js`;
    script.onload = () => {
      globalThis.maplibregl.setWorkerUrl(`${LIBRARY}maplibre-gl-csp-worker.js`);
      resolve(globalThis.maplibregl);
    };
    script.onerror = () => {
      // Next time there may be a network.
      library = undefined;
      script.remove();
      reject(new Error('the map library did not load'));
    };
    document.head.append(style, script);
  });
  return library;
}

function read(text, otherwise) {
  try {
    return JSON.parse(text) || otherwise;
  } catch {
    return otherwise;
  }
}

/** Where a layer begins, as a text that can be compared; '' of an empty one. */
function first(collection) {
  return String(collection?.features?.[0]?.geometry.coordinates[0] ?? '');
}

/** The smallest box around all features; undefined around none. */
function box(collections) {
  let found;
  const walk = (part) => {
    if (typeof part[0] !== 'number') {
      part.forEach(walk);
      return;
    }
    const [x, y] = part;
    found = found
      ? [Math.min(found[0], x), Math.min(found[1], y), Math.max(found[2], x), Math.max(found[3], y)]
      : [x, y, x, y];
  };
  for (const { features } of collections) features.forEach((f) => walk(f.geometry.coordinates));
  return found;
}

const tone = (colour) => ['match', ['get', 'tone'],
  'bad', colour('bad'), 'warn', colour('warn'), 'good', colour('good'), colour('brand')];

/** Everything drawn, in the colours that are in force. */
function styled(data, layers) {
  const look = getComputedStyle(document.documentElement);
  const colour = (name) => look.getPropertyValue(`--${name}`).trim();
  const text = { 'text-font': ['sans-serif'], 'text-size': 13, 'text-padding': 4 };
  const halo = { 'text-color': colour('ink'), 'text-halo-color': colour('card'), 'text-halo-width': 1.5 };
  const mark = { ...text, 'text-size': 12, 'text-allow-overlap': true, 'text-ignore-placement': true };
  const on = { 'text-color': colour('brand-ink') };
  const sources = {};
  for (const { name, data: drawn } of layers) sources[name] = { type: 'geojson', data: drawn };
  for (const name of LAYERS) sources[name] = { type: 'geojson', data: data[name] || EMPTY };
  Object.assign(sources.records, { cluster: true, clusterRadius: 28, clusterMaxZoom: 12 });
  sources.chosen = { type: 'geojson', data: EMPTY };
  const has = (name, ...drawn) => (name in sources ? drawn : []);
  const one = ['!', ['has', 'point_count']];
  return {
    version: 8,
    sources,
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': colour('paper') } },
      ...has('waters',
        { id: 'waters', type: 'fill', source: 'waters', paint: { 'fill-color': colour('brand-soft'), 'fill-outline-color': colour('edge') } }),
      ...has('boundaries',
        { id: 'boundaries', type: 'line', source: 'boundaries', paint: { 'line-color': colour('edge'), 'line-width': 1, 'line-dasharray': [4, 3] } }),
      ...has('rivers',
        { id: 'rivers', type: 'line', source: 'rivers', paint: { 'line-color': colour('brand'), 'line-width': 1.5, 'line-opacity': 0.7 } }),
      { id: 'reaches', type: 'line', source: 'reaches', layout: { 'line-cap': 'round' }, paint: { 'line-color': colour('brand'), 'line-width': 5, 'line-opacity': 0.45 } },
      { id: 'tracks', type: 'line', source: 'tracks', filter: ['!', ['get', 'gap']], layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour('focus'), 'line-width': 4 } },
      { id: 'gaps', type: 'line', source: 'tracks', filter: ['get', 'gap'], paint: { 'line-color': colour('bad'), 'line-width': 2, 'line-dasharray': [2, 2] } },
      ...has('rivers',
        { id: 'river-names', type: 'symbol', source: 'rivers', layout: { ...text, 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-letter-spacing': 0.2 }, paint: { ...halo, 'text-color': colour('brand') } }),
      ...has('boundaries',
        { id: 'county-names', type: 'symbol', source: 'boundaries', layout: { ...text, 'text-field': ['get', 'name'] }, paint: { ...halo, 'text-color': colour('muted') } }),
      { id: 'outfalls', type: 'circle', source: 'outfalls', paint: { 'circle-radius': 9, 'circle-color': colour('card'), 'circle-stroke-width': 2, 'circle-stroke-color': colour('ink') } },
      { id: 'outfall-marks', type: 'symbol', source: 'outfalls', layout: { ...mark, 'text-size': 11, 'text-field': ['get', 'mark'] }, paint: { 'text-color': colour('ink') } },
      { id: 'records', type: 'circle', source: 'records', filter: one, paint: { 'circle-radius': 11, 'circle-color': tone(colour), 'circle-stroke-width': 1.5, 'circle-stroke-color': colour('card') } },
      { id: 'record-marks', type: 'symbol', source: 'records', filter: one, layout: { ...mark, 'text-field': ['get', 'mark'] }, paint: on },
      { id: 'clusters', type: 'circle', source: 'records', filter: ['has', 'point_count'], paint: { 'circle-radius': 15, 'circle-color': colour('ink'), 'circle-stroke-width': 2, 'circle-stroke-color': colour('card') } },
      { id: 'cluster-counts', type: 'symbol', source: 'records', filter: ['has', 'point_count'], layout: { ...mark, 'text-field': ['get', 'point_count_abbreviated'] }, paint: { 'text-color': colour('paper') } },
      { id: 'chosen', type: 'circle', source: 'chosen', paint: { 'circle-radius': 17, 'circle-opacity': 0, 'circle-stroke-width': 4, 'circle-stroke-color': colour('focus') } },
      { id: 'me', type: 'circle', source: 'me', paint: { 'circle-radius': 8, 'circle-color': colour('focus'), 'circle-stroke-width': 3, 'circle-stroke-color': colour('card') } },
    ],
  };
}

class RiverMap extends HTMLElement {
  #data = {};
  #layers = [];
  #chosen = '';
  #words = {};
  #map;
  #fitted = false;
  #themes = new MutationObserver(() => this.#restyle());

  connectedCallback() {
    // What the app set before this file had come.
    for (const name of ['words', 'ground', 'shown', 'chosen']) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#open().catch((error) => this.#fail(error));
    this.#themes.observe(document.documentElement, { attributes: true });
  }

  disconnectedCallback() {
    this.#themes.disconnect();
    this.#map?.remove();
    this.#map = undefined;
  }

  set words(text) { this.#words = read(text, {}); }

  set ground(text) {
    this.#layers = read(text, []);
    this.#restyle();
    this.#name();
  }

  set shown(text) {
    const walked = first(this.#data.tracks);
    this.#data = read(text, {});
    if (!this.#map?.isStyleLoaded() && !this.#map?.getSource('records')) return;
    for (const name of LAYERS) this.#map.getSource(name)?.setData(this.#data[name] || EMPTY);
    this.#fit();
    this.#ring();
    // Another track than before is what one wants to see now.
    const track = first(this.#data.tracks);
    if (track && track !== walked) this.#map.fitBounds(box([this.#data.tracks]), STILL);
  }

  set chosen(id) {
    this.#chosen = id || '';
    if (this.#map?.getSource('chosen')) this.#ring();
  }

  async #open() {
    const maps = await load();
    if (!this.isConnected || this.#map) return;
    const layers = this.#layers;
    const ground = document.createElement('div');
    ground.className = 'map-ground';
    const sources = document.createElement('p');
    sources.className = 'map-sources';
    this.replaceChildren(ground, sources);
    this.#name();
    const { zoomIn = '+', zoomOut = '−', label = '' } = this.#words;
    const map = new maps.Map({
      container: ground,
      style: styled(this.#data, layers),
      bounds: box(layers.map((layer) => layer.data)) || [73, 18, 135, 54],
      fitBoundsOptions: STILL,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      maxZoom: 18,
      locale: { 'NavigationControl.ZoomIn': zoomIn, 'NavigationControl.ZoomOut': zoomOut, 'Map.Title': label },
    });
    this.#map = map;
    map.touchZoomRotate.disableRotation();
    map.addControl(new maps.NavigationControl({ showCompass: false }), 'top-right');
    map.addControl(new maps.ScaleControl({ unit: 'metric' }), 'bottom-left');
    map.on('load', () => {
      this.#fit();
      this.#ring();
    });
    map.on('idle', () => this.#tell());
    for (const layer of ['records', 'outfalls']) {
      map.on('click', layer, (event) => this.#pick(event.features[0]));
    }
    map.on('click', 'clusters', (event) => this.#enter(event.features[0]));
    for (const layer of ['records', 'outfalls', 'clusters']) {
      map.on('mouseenter', layer, () => { map.getCanvas().style.cursor = 'pointer'; });
      map.on('mouseleave', layer, () => { map.getCanvas().style.cursor = ''; });
    }
  }

  /** Whose data lies below. */
  #name() {
    const said = this.querySelector('.map-sources');
    if (said) said.textContent = this.#layers.map((layer) => layer.source).join(' · ');
  }

  #pick(feature) {
    this.dispatchEvent(new CustomEvent('pick', { detail: feature.properties.id }));
  }

  async #enter(cluster) {
    const zoom = await this.#map.getSource('records').getClusterExpansionZoom(cluster.properties.cluster_id);
    this.#map.easeTo({ center: cluster.geometry.coordinates, zoom });
  }

  /** Once: the first that there is to see fills the view. Later the view is the reader's own. */
  #fit() {
    if (this.#fitted) return;
    const orders = [['tracks', 'records', 'me'], ['reaches'], ['outfalls']];
    for (const names of orders) {
      const around = box(names.map((name) => this.#data[name] || EMPTY));
      if (!around) continue;
      this.#fitted = true;
      this.#map.fitBounds(around, STILL);
      return;
    }
  }

  #ring() {
    const all = (this.#data.records || EMPTY).features;
    const found = all.filter((f) => f.properties.id === this.#chosen);
    this.#map.getSource('chosen')?.setData({ type: 'FeatureCollection', features: found });
    const at = found[0]?.geometry.coordinates;
    if (at && !this.#map.getBounds().contains(at)) this.#map.jumpTo({ center: at });
  }

  #restyle() {
    if (!this.#map) return;
    this.#map.setStyle(styled(this.#data, this.#layers), { diff: true });
    this.#map.once('idle', () => this.#ring());
  }

  /** What is really on the screen, for whoever has to check it. */
  #tell() {
    const count = (...layers) => this.#map.queryRenderedFeatures({ layers }).length;
    const clusters = this.#map.queryRenderedFeatures({ layers: ['clusters'] });
    const inside = clusters.reduce((n, f) => n + f.properties.point_count, 0);
    this.dataset.records = count('records') + inside;
    this.dataset.tracks = count('tracks');
    this.dataset.gaps = count('gaps');
    this.dataset.reaches = count('reaches');
    this.dataset.ground = this.#layers.length ? count(...this.#layers.map((layer) => layer.name)) : 0;
  }

  #fail(error) {
    console.error(error);
    const said = document.createElement('p');
    said.className = 'map-failed';
    said.setAttribute('role', 'status');
    said.textContent = this.#words.failed || String(error);
    this.replaceChildren(said);
    this.dataset.failed = '1';
  }
}

customElements.define('river-map', RiverMap);
