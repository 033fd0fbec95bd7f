import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Mantine drawn with the page's own tokens (app/styles/tokens.css), one accent in both colour schemes. */
export const theme = createTheme({
  // Menus and tooltips stand in a landmark of the page, or screen readers would skip them with the rest of <body>.
  components: { Portal: { defaultProps: { target: '#portals' } } },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  defaultRadius: 7,
  fontFamily: 'system-ui, sans-serif',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  colors: {
    // Mantine's own dark greys are warmer than the page's.
    dark: [
      '#e6e9ee',
      '#c4cad3',
      '#97a1b0',
      '#66707f',
      '#3a424e',
      '#2b313b',
      '#21262e',
      '#1b1f26',
      '#14171c',
      '#0f1216',
    ],
    accent: [
      '#eef3ff',
      '#dbe5ff',
      '#b7caff',
      '#91adff',
      '#6f97ff',
      '#5482fb',
      '#3565e8',
      '#2f5bd3',
      '#264bb0',
      '#1d3a8a',
    ],
  },
});

const FROM_TOKENS = {
  '--mantine-color-body': 'var(--panel)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--dim)',
  '--mantine-color-default': 'var(--panel)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-placeholder': 'var(--dim)',
};

export const tokensForMantine: CSSVariablesResolver = () => ({
  variables: {},
  light: FROM_TOKENS,
  dark: FROM_TOKENS,
});
