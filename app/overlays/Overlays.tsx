import { useStudio } from '../store/context';
import type { Overlay } from '../store/studio';
import { KeyList } from './KeyList';
import { Palette } from './Palette';

const OVERLAYS: { readonly [O in Overlay]: () => React.JSX.Element | null } = {
  palette: Palette,
  keys: KeyList,
  glossary: () => null,
  ways: () => null,
};

/** What was asked for by a key or from the palette, over the page. */
export function Overlays() {
  const overlay = useStudio((studio) => studio.overlay);
  if (overlay === null) return null;
  const Shown = OVERLAYS[overlay];
  return <Shown />;
}
