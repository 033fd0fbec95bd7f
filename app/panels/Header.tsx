import { Tooltip } from '@mantine/core';
import { useStudio } from '../store/context';
import { ExportMenu } from './ExportMenu';
import { formatCount } from './format';
import { SettingsControls } from './SettingsControls';
import { ThemeSwitch } from './ThemeSwitch';

function BackendBadge() {
  const backend = useStudio((studio) => studio.backend);
  if (backend === null) return <span className="chip">starting…</span>;
  return (
    <Tooltip label={`Runs on ${backend.name}: ${backend.adapter}`} openDelay={300} multiline maw={320}>
      <span className={`chip backend ${backend.name}`} data-testid="backend">
        {backend.label}
      </span>
    </Tooltip>
  );
}

function ModelName() {
  const model = useStudio((studio) => studio.view.model);
  if (model === null) return null;
  return (
    <>
      <span className="model-name" title={model.name}>
        {model.name}
      </span>
      <span className="chip" title={`${model.parameters.toLocaleString('en')} parameters`}>
        {formatCount(model.parameters)} params
      </span>
    </>
  );
}

/** The page's top line: what is open and on what it runs, then what the user may choose. */
export function Header() {
  return (
    <header className="header">
      <h1>Equalization Studio</h1>
      <ModelName />
      <BackendBadge />
      <span className="grow" />
      <SettingsControls />
      <ThemeSwitch />
      <ExportMenu />
    </header>
  );
}
