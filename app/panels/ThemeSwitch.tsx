import { ActionIcon, type MantineColorScheme, Tooltip, useMantineColorScheme } from '@mantine/core';

const SCHEMES: {
  readonly [S in MantineColorScheme]: {
    readonly next: MantineColorScheme;
    readonly sign: string;
    readonly words: string;
  };
} = {
  auto: { next: 'light', sign: '◐', words: 'as the system' },
  light: { next: 'dark', sign: '☀', words: 'light' },
  dark: { next: 'auto', sign: '☾', words: 'dark' },
};

/** Auto, light, dark in turn. Mantine stores the choice. */
export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { next, sign, words } = SCHEMES[colorScheme];
  return (
    <Tooltip label={`Theme: ${words}. Click for ${SCHEMES[next].words}.`} openDelay={300}>
      <ActionIcon
        variant="default"
        size={28}
        aria-label={`Theme: ${words}`}
        onClick={() => setColorScheme(next)}
      >
        {sign}
      </ActionIcon>
    </Tooltip>
  );
}
