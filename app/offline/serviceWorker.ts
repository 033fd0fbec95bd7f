import { CacheFirst, ExpirationPlugin, type PrecacheEntry, Serwist } from 'serwist';

declare const self: ServiceWorkerGlobalScope & {
  /** Put in by the build: every file of the page but the heaviest. */
  readonly __SW_MANIFEST: readonly (PrecacheEntry | string)[];
};

/** Megabytes that most visits never ask for (ONNX Runtime): kept from the first time they are. */
const heavy = new CacheFirst({
  cacheName: 'equalization-studio-heavy',
  // A newer version brings another file: the one before it would stay for ever.
  plugins: [new ExpirationPlugin({ maxEntries: 1 })],
});

// A new version waits until the page says so: files of two versions never mix in one page.
new Serwist({
  precacheEntries: [...self.__SW_MANIFEST],
  precacheOptions: {
    cleanupOutdatedCaches: true,
    ignoreURLParametersMatching: [/^(sample|backend|settings)$/],
  },
  skipWaiting: false,
  clientsClaim: true,
  runtimeCaching: [
    { matcher: ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith('.wasm'), handler: heavy },
  ],
}).addEventListeners();
