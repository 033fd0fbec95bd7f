import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const STYLES = 'node_modules/@mantine/core/styles';
/** Made of others, whose styles they have. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  TextInput: ['Input'],
  NativeSelect: ['Input', 'Combobox'],
  Checkbox: ['InlineInput', 'Input'],
  ActionIcon: ['UnstyledButton', 'Loader'],
  Button: ['UnstyledButton', 'Loader'],
  Menu: ['Popover', 'UnstyledButton'],
  Alert: ['CloseButton'],
};

it('every component of Mantine that the page has comes with its styles', () => {
  const styles = readFileSync('app/styles/mantine.css', 'utf8');
  const used = new Set<string>();
  const files = readdirSync('app', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  for (const file of files)
    for (const [, names = ''] of readFileSync(`app/${file}`, 'utf8').matchAll(
      /import {([^}]*)} from '@mantine\/core'/g,
    ))
      for (const name of names.split(',')) used.add(name.replace('type ', '').trim());
  expect(used.size).toBeGreaterThan(10);
  const needed = [...used].flatMap((name) => [name, ...(PARTS[name] ?? [])]);
  for (const name of needed)
    if (existsSync(`${STYLES}/${name}.css`)) expect(styles, name).toContain(`/${name}.layer.css"`);
});
