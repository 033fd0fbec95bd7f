import { zipSync } from 'fflate';
import { ascii, type HostileInput, openModel } from '../hostileInput';
import { json, openData, safetensors } from './files';

const MILLION = 1_000_000;

const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);
const metadata = (text: string) => safetensors(`{"__metadata__":{"fx":${JSON.stringify(text)}}}`);
const fxNodes = (nodes: string) => metadata(`{"version":1,"nodes":[${nodes}],"modules":{}}`);

export const HOSTILE_TEXTS: readonly HostileInput[] = [
  {
    what: 'a safetensors header of lists 100,000 deep',
    files: () => safetensors(`{"x":${deep('[', ']')}}`),
    open: openModel,
    refusal: "tensor 'x'",
  },
  {
    what: 'a safetensors header of a million empty objects',
    files: () => safetensors(`{"x":[${'{},'.repeat(MILLION)}0]}`),
    open: openModel,
    refusal: 'net.safetensors',
  },
  {
    what: 'an FX graph of a million empty nodes',
    files: () => fxNodes(`${'{},'.repeat(MILLION)}0`),
    open: openModel,
    refusal: 'net.safetensors',
  },
  {
    what: 'an FX reference that nests 100,000 deep',
    files: () =>
      fxNodes(`{"name":"x","op":"call_method","target":"f","args":[{"node":${deep('[', ']')}}],"kwargs":{}}`),
    open: openModel,
    refusal: "node 'x'",
  },
  {
    what: 'a TensorFlow.js model of lists 100,000 deep',
    files: () => [{ name: 'model.json', bytes: json(`{"modelTopology":${deep('[', ']')}}`) }],
    open: openModel,
    refusal: 'model.json',
  },
  {
    what: 'a TensorFlow.js model of a million empty layers',
    files: () => [
      {
        name: 'model.json',
        bytes: json(
          `{"format":"layers-model","modelTopology":{"model_config":{"class_name":"Sequential","config":{"layers":[${'{},'.repeat(MILLION)}{}]}}},"weightsManifest":[]}`,
        ),
      },
    ],
    open: openModel,
    refusal: 'model.json',
  },
  {
    what: 'an exported program of lists 100,000 deep',
    files: () => [
      {
        name: 'net.pt2',
        bytes: zipSync({ 'serialized_exported_program.json': json(deep('[', ']')) }, { level: 0 }),
      },
    ],
    open: openModel,
    refusal: 'net.pt2',
  },
  {
    what: 'an exported program of a million empty objects',
    files: () => [
      {
        name: 'net.pt2',
        bytes: zipSync(
          { 'serialized_exported_program.json': json(`{"graph_module":[${'{},'.repeat(MILLION)}0]}`) },
          { level: 0 },
        ),
      },
    ],
    open: openModel,
    refusal: 'net.pt2',
  },
  {
    what: 'a CSV file of half a million rows of one digit',
    files: () => [{ name: 'x.csv', bytes: ascii('1\n'.repeat(MILLION / 2)) }],
    open: openData,
    refusal: null,
  },
  {
    what: 'a CSV file of one row of half a million digits',
    files: () => [{ name: 'x.csv', bytes: ascii(`${'1,'.repeat(MILLION / 2)}1`) }],
    open: openData,
    refusal: null,
  },
  {
    what: 'a CSV file of a million empty lines',
    files: () => [{ name: 'x.csv', bytes: ascii('\n'.repeat(MILLION)) }],
    open: openData,
    refusal: 'has no rows',
  },
];
