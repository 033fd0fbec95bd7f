import { Button } from '@mantine/core';
import { useStudio } from '../../store/context';
import { download } from '../download';
import { methodsCsv } from './methodsCsv';

const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '') || 'model';

/** Saves the comparison as a table for spreadsheets and notebooks. */
export function CsvButton() {
  const compared = useStudio((studio) => studio.compared);
  const layers = useStudio((studio) => studio.view.layers);
  const model = useStudio((studio) => studio.view.model?.name ?? '');
  const announce = useStudio((studio) => studio.announce);
  if (compared === null) return null;
  const save = () => {
    const text = methodsCsv(
      compared,
      layers.map(({ name }) => name),
    );
    const name = `${stemOf(model)}-methods.csv`;
    download({ name, mime: 'text/csv;charset=utf-8', parts: [new TextEncoder().encode(text)] });
    announce(`Exported ${name}`);
  };
  return (
    <Button
      size="compact-xs"
      variant="default"
      title="One row a method, one column a figure and one a layer"
      onClick={save}
    >
      Table (.csv)
    </Button>
  );
}
