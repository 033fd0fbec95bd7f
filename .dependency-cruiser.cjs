// The layers of ARCHITECTURE.md: every arrow not allowed here is an error.
const TFJS = '^node_modules/@tensorflow/';
/** Tests and what only they use (`testModel.ts`) may reach further. */
const TESTS = '(\\.test|/test[A-Z]\\w*)\\.tsx?$';
const may = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only: ${allowed.join(', ') || 'nothing'}`,
  from: { path: from, pathNot: TESTS },
  to: { pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    may('graph', '^src/graph/', []),
    may('quant', '^src/quant/', ['^src/graph/']),
    may('equalize', '^src/equalize/', ['^src/(graph|quant|wasm)/']),
    may('layers', '^src/layers/', ['^src/graph/']),
    may('webgpu', '^src/webgpu/', ['^src/wasm/', TFJS]),
    may('wasm', '^src/wasm/', [TFJS]),
    may('exec', '^src/exec/', ['^src/(graph|quant|wasm|webgpu)/', TFJS]),
    may('search', '^src/search/', ['^src/(graph|quant|equalize|exec)/']),
    may('formats', '^src/formats/', [
      '^src/(graph|quant)/',
      '^node_modules/(@bufbuild/protobuf|fflate|zod)/',
    ]),
    may('pipeline', '^src/pipeline/', ['^src/(graph|quant|equalize|search|exec|formats|layers)/']),
    may('index', '^src/index\\.ts$', ['^src/']),
    {
      name: 'zod-without-eval',
      severity: 'error',
      comment: 'zod.ts turns off what the Content-Security-Policy forbids; types may come from zod itself',
      from: { path: '^(src|app)/', pathNot: ['/zod\\.ts$', TESTS] },
      to: { path: '^node_modules/zod/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'app-through-index',
      severity: 'error',
      comment:
        'the page and its engine see the core through src/index.ts alone, and zod.ts takes what holds for both',
      from: { path: '^app/', pathNot: ['^app/zod\\.ts$', TESTS] },
      to: { path: '^src/', pathNot: '^src/index\\.ts$' },
    },
    {
      name: 'core-knows-no-page',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: ['^app/', '^node_modules/(react|reactflow|@mantine|zustand|comlink|uplot)'] },
    },
    {
      name: 'page-holds-no-tensors',
      severity: 'error',
      comment: 'only the engine (a worker) may run the core; the rest of the page takes its types',
      from: { path: '^app/(?!engine/)' },
      to: { path: '^src/index\\.ts$', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
    },
  },
};
