import type { Studio } from '../store/studio';

/** A part of the page that the tour explains. */
export interface TourStop {
  readonly title: string;
  readonly text: string;
  /** The part's class, which is framed meanwhile. */
  readonly part: 'page' | 'pipeline' | 'canvas' | 'inspector' | 'lower' | 'header';
  /** What the reader may do here, and whether it is done. */
  readonly task: { readonly text: string; readonly isDone: (studio: Studio) => boolean } | null;
}

/** From a model to its export, in the order of the work. */
export const TOUR: readonly TourStop[] = [
  {
    title: 'What this is for',
    text: 'int8 makes a network small and fast, but a tensor whose columns have very different ranges loses precision. Equalization moves factors between inputs and weights until the ranges are alike; the function stays the same.',
    part: 'page',
    task: { text: 'Open a sample, or drop a model', isDone: ({ view }) => view.model !== null },
  },
  {
    title: 'Files and steps',
    text: 'On the left stand the files, then the five steps. Prepare inserts observers, Calibrate runs the data, Equalize evens the ranges out, Convert quantizes and measures. A step runs those before it.',
    part: 'pipeline',
    task: { text: 'Press Convert', isDone: ({ view }) => view.steps.convert !== undefined },
  },
  {
    title: 'The graph',
    text: 'The shown step’s graph. Green + nodes are added, red − removed, amber ~ changed. Before/after puts the step before beside it. Each change under a step leads to its node.',
    part: 'canvas',
    task: { text: 'Select a layer', isDone: ({ selected }) => selected !== null },
  },
  {
    title: 'One node',
    text: 'Its ranges before and after, the values on their quantization grid, the equalization scale. Here you choose a method for this layer, and set single scales by hand.',
    part: 'inspector',
    task: null,
  },
  {
    title: 'All layers',
    text: 'Each layer with its decision (fold, mul or skip), the reason, and its SQNR in int8 without and with equalization. Results has the accuracy; Methods compares every method.',
    part: 'lower',
    task: null,
  },
  {
    title: 'Other settings',
    text: 'QConfig says how values are observed and quantized, Method how scales are found, PyTorch semantics shows what PyTorch 1.13.1 would do. After a change, press Convert again.',
    part: 'header',
    task: null,
  },
  {
    title: 'Take it with you',
    text: 'Export saves the equalized float model for PyTorch or ONNX Runtime, the quantized model, and a report. Ctrl+K finds every action, ? lists the keys, and underlined words explain themselves.',
    part: 'header',
    task: null,
  },
];
