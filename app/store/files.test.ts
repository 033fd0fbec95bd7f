import { describe, expect, it } from 'vitest';
import { withoutName } from './files';

describe('the name of a file in an error', () => {
  const files = [new File([], 'net.onnx')];
  it('is left out where it stands over the sentence already', () => {
    expect(withoutName('net.onnx: the file is cut off.', files)).toBe('The file is cut off.');
  });
  it('stays where the sentence is about another file, or needs it', () => {
    expect(withoutName('net.data: the file is cut off.', files)).toBe('net.data: the file is cut off.');
    expect(withoutName('net.onnx has no graph.', files)).toBe('net.onnx has no graph.');
  });
});
