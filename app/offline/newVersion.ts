import { createStore } from 'zustand/vanilla';

/** A newer version of the page that has been fetched and waits; null when there is none. */
export const newVersion = createStore<{ readonly waiting: ServiceWorker | null }>()(() => ({
  waiting: null,
}));

const found = (waiting: ServiceWorker | null) => newVersion.setState({ waiting });

/** Tells when the worker that is being installed waits behind the one in charge. */
function watch(registration: ServiceWorkerRegistration): void {
  const { installing } = registration;
  installing?.addEventListener('statechange', () => {
    // Without one in charge it is the first: nothing of the page is older than it.
    if (installing.state === 'installed' && navigator.serviceWorker.controller !== null)
      found(registration.waiting);
  });
}

/**
 * Keeps the page for times without a network, once it is there and at rest. Says why not where the browser cannot:
 * the studio works without, but not offline.
 */
export async function keepOffline(url: string): Promise<string | null> {
  if (!('serviceWorker' in navigator)) return 'This browser keeps no pages for use offline.';
  try {
    const registration = await navigator.serviceWorker.register(url, { updateViaCache: 'none' });
    if (navigator.serviceWorker.controller !== null) found(registration.waiting);
    registration.addEventListener('updatefound', () => watch(registration));
    watch(registration);
    return null;
  } catch (error) {
    return `The page could not be kept for use offline: ${error instanceof Error ? error.message : error}`;
  }
}

const TOUCHES = ['pointerdown', 'keydown', 'drop'] as const;
let isTouched = false;
const touch = () => {
  isTouched = true;
};

/** Tells from now on whether somebody has begun to use the page. */
export function watchTouches(page: Window): void {
  for (const type of TOUCHES) page.addEventListener(type, touch, { capture: true, once: true });
}

/** Before anything was touched, nobody notices that the page became a newer one. */
export const isUntouched = (): boolean => !isTouched;

/** Loads the page anew, as the version that waited. */
export function takeNewVersion(): void {
  const { waiting } = newVersion.getState();
  if (waiting === null) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage({ type: 'SKIP_WAITING' });
}
