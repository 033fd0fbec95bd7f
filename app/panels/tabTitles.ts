import type { Tab } from '../store/studio';

/** The tabs of the lower panel as they are called. */
export const TAB_TITLES: { readonly [T in Tab]: string } = {
  layers: 'Layers',
  text: 'FX text',
  results: 'Results',
  methods: 'Methods',
  runtime: 'ONNX Runtime',
  log: 'Log',
};
