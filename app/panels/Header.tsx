import { Button, Popover, Tooltip } from '@mantine/core';
import { useStudio } from '../store/context';
import { grouped } from '../store/counting';
import { Part } from '../store/parts/Part';
import { useWindowSize } from '../useWindowSize';
import { ExportMenu } from './ExportMenu';
import { formatCount } from './format';
import { HelpMenu, PaletteButton } from './HelpMenu';
import { ProjectMenu } from './projects/ProjectMenu';
import { UndoButtons } from './projects/UndoButtons';
import { RuntimeButton } from './RuntimeButton';
import { SettingsControls } from './SettingsControls';
import { ThemeSwitch } from './ThemeSwitch';

function BackendBadge() {
  const backend = useStudio((studio) => studio.backend);
  const isLost = useStudio((studio) => studio.isGpuLost);
  if (backend === null) return <span className="chip">starting…</span>;
  const runsOn = isLost
    ? `${backend.adapter} was lost while nothing ran: the next step opens it again, or runs on WASM`
    : `Runs on ${backend.name}: ${backend.adapter}`;
  return (
    <Tooltip label={runsOn} openDelay={300} multiline maw={320}>
      <span className={`chip backend ${isLost ? 'lost' : backend.name}`} data-testid="backend">
        {isLost ? 'GPU lost until the next step' : backend.label}
      </span>
    </Tooltip>
  );
}

function ModelName({ isCrowded }: { isCrowded: boolean }) {
  const model = useStudio((studio) => studio.view.model);
  if (model === null) return null;
  return (
    <>
      <span
        className="model-name"
        title={model.name}
        // Eight letters always show, however little room there is.
        style={{ minWidth: `${Math.min(9, model.name.length)}ch` }}
      >
        {model.name}
      </span>
      {!isCrowded && (
        <span className="chip parameters" title={`${grouped(model.parameters)} parameters`}>
          {formatCount(model.parameters)} params
        </span>
      )}
    </>
  );
}

/** Stands for the studio's name where there is no room for it. */
function Logo() {
  return <img className="logo" src="favicon.svg" alt="" width={20} height={20} />;
}

/** The settings of a window without room for them, behind a button. */
function SettingsPopover() {
  return (
    <Popover position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <Button size="compact-sm" h={28} variant="default">
          Settings
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="settings-popover" aria-label="Settings">
        <SettingsControls />
        <BackendBadge />
      </Popover.Dropdown>
    </Popover>
  );
}

function TopLine() {
  const { isCrowded } = useWindowSize();
  return (
    <header className="header" id="header">
      <Logo />
      <h1>Equalization Studio</h1>
      <ModelName isCrowded={isCrowded} />
      <ProjectMenu />
      <UndoButtons />
      {!isCrowded && <BackendBadge />}
      <span className="grow" />
      {isCrowded ? <SettingsPopover /> : <SettingsControls />}
      <PaletteButton />
      <ThemeSwitch />
      <HelpMenu />
      <RuntimeButton />
      <ExportMenu />
    </header>
  );
}

/** The page's top line: what is open and on what it runs, then what the user may choose. */
export function Header() {
  return (
    <Part id="header">
      <TopLine />
    </Part>
  );
}
