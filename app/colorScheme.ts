import {
  localStorageColorSchemeManager,
  type MantineColorScheme,
  type MantineColorSchemeManager,
} from '@mantine/core';

const stored = localStorageColorSchemeManager();
/** Mantine's provider, while it is mounted. */
let provider: ((scheme: MantineColorScheme) => void) | null = null;

/** Mantine's own store of the scheme, in local storage, which others than its provider may write too. */
export const colorSchemeManager: MantineColorSchemeManager = {
  ...stored,
  subscribe: (onUpdate) => {
    provider = onUpdate;
    stored.subscribe(onUpdate);
  },
  unsubscribe: () => {
    provider = null;
    stored.unsubscribe();
  },
};

/** Sets the page's colour scheme from outside of React; the provider stores it. */
export const setColorScheme = (scheme: MantineColorScheme) => provider?.(scheme);
