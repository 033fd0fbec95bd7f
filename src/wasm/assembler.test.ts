import { describe, expect, it } from 'vitest';
import { FunctionBody, moduleOf, signed, unsigned } from './assembler';

describe('LEB128', () => {
  it('writes the examples of the specification of DWARF, which it comes from', () => {
    expect([2, 127, 128, 129, 12857].map(unsigned)).toEqual([[2], [127], [128, 1], [129, 1], [0xb9, 0x64]]);
    expect([2, -2, 127, -127, 128, -128].map(signed)).toEqual([
      [2],
      [0x7e],
      [0xff, 0],
      [0x81, 0x7f],
      [0x80, 1],
      [0x80, 0x7f],
    ]);
    expect(unsigned(0xffffffff)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  });
});

describe('a module', () => {
  it('runs: adds up floats of a memory, and calls another function', () => {
    const add = new FunctionBody(3);
    const [from, until, to] = add.parameters() as [never, never, never];
    const sum = add.local('f32');
    add.loop(() => {
      add.get(sum).get(from).access('f32.load').op('f32.add').set(sum);
      add.advance(from, 4).get(from).get(until).op('i32.lt_u').branchIf(0);
    });
    add.get(to).get(sum).access('f32.store', 4);
    const main = new FunctionBody(1);
    const [flag] = main.parameters() as [never];
    main.get(flag).when(() => {
      main.integer(0).integer(12).integer(200).call(0);
    });
    const memory = new WebAssembly.Memory({ initial: 1 });
    const floats = new Float32Array(memory.buffer);
    floats.set([1.5, 2, -8]);
    const module = new WebAssembly.Module(moduleOf([add, main], 'run', 'unshared'));
    const run = new WebAssembly.Instance(module, { env: { memory } }).exports.run as (flag: number) => void;
    run(0);
    expect(floats[51]).toBe(0);
    run(1);
    expect(floats[51]).toBe(-4.5);
  });
});
