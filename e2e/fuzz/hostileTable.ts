import { HOSTILE_CHAINS } from './hostileGraphs/chains';
import { HOSTILE_CYCLES } from './hostileGraphs/cycles';
import { HOSTILE_SHAPES } from './hostileGraphs/shapes';
import { HOSTILE_TEXTS } from './hostileGraphs/texts';
import type { HostileInput } from './hostileInput';
import { HOSTILE_PICKLES } from './hostilePickles';
import { HOSTILE_PROTOBUFS } from './hostileProtobufs';
import { HOSTILE_ZIPS } from './hostileZips';

/** All of them, by what they are. */
export const HOSTILE_LISTS: Readonly<Record<string, readonly HostileInput[]>> = {
  'Zip bombs': HOSTILE_ZIPS,
  'Protobuf bombs': HOSTILE_PROTOBUFS,
  Pickles: HOSTILE_PICKLES,
  Chains: HOSTILE_CHAINS,
  Cycles: HOSTILE_CYCLES,
  'Sizes and overlaps': HOSTILE_SHAPES,
  Texts: HOSTILE_TEXTS,
};

/** A row of docs/fuzz.md: the test that holds an input. */
export interface HostileRow {
  readonly what: string;
  readonly outcome: string;
  readonly file: string;
  readonly test: string;
}

/** Tests that stand beside what they test. */
const ELSEWHERE: readonly HostileRow[] = [
  {
    what: 'prototype keys as names of nodes, modules, tensors and arrays',
    outcome: 'refused, or opens and leaves the prototypes alone',
    file: 'e2e/fuzz/hostileNames.test.ts',
    test: 'opens or is refused in words, and leaves the prototypes alone',
  },
  {
    what: 'a name with markup in the graph and in the printed graph',
    outcome: 'the same plain text',
    file: 'e2e/fuzz/hostileNames.test.ts',
    test: 'a name with markup is the same plain text in the graph and in what is printed',
  },
  {
    what: 'names of prototypes: a node, a module, a tensor',
    outcome: 'refused',
    file: 'src/graph/lint.test.ts',
    test: "modelOf([constant('w', 'constructor'), output(to('w'))])",
  },
  {
    what: 'an op of a prototype’s name',
    outcome: 'refused',
    file: 'src/graph/resolve/resolveErrors.test.ts',
    test: "callFunction('ctor', 'constructor', [x])",
  },
  {
    what: 'nodes of prototypes’ names in the layout',
    outcome: 'drawn',
    file: 'app/flow/layout.test.ts',
    test: "['x', 'constructor', '__proto__', 'toString', 'sum']",
  },
  {
    what: 'names with markup in the report, as HTML and as Markdown',
    outcome: 'escaped',
    file: 'app/report/report.test.ts',
    test: '<img src=x onerror=alert(1)>',
  },
  {
    what: 'arguments of an FX graph nested 100,000 deep',
    outcome: 'refused',
    file: 'src/formats/fx/fx.test.ts',
    test: 'survives arguments nested a hundred thousand deep',
  },
  {
    what: 'a saved state whose values are of another kind',
    outcome: 'refused',
    file: 'src/pipeline/saved/savedWork.test.ts',
    test: 'is refused, not drawn',
  },
  {
    what: 'a project with settings of somebody else',
    outcome: 'refused',
    file: 'app/engine/projects/project.test.ts',
    test: 'a project whose settings are none of the studio’s is refused with the setting',
  },
  {
    what: 'a project file that names files outside of its folder',
    outcome: 'refused',
    file: 'app/engine/projects/manifest.test.ts',
    test: 'a file outside of the folder',
  },
  {
    what: 'broken files in the page, which goes on working',
    outcome: 'refused',
    file: 'e2e/journeys/brokenFiles.spec.ts',
    test: 'is refused by name, and the page goes on working',
  },
];

export const HOSTILE: readonly HostileRow[] = [
  ...Object.values(HOSTILE_LISTS)
    .flat()
    .map(({ what, refusal }) => ({
      what,
      outcome: refusal === null ? 'opens' : 'refused',
      file: 'e2e/fuzz/hostile.test.ts',
      test: what,
    })),
  ...ELSEWHERE,
];
