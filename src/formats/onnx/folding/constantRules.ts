import { arithmeticRules } from './constantArithmetic';
import { moveRules } from './constantMoves';
import type { ConstantRule } from './constantRule';
import { shapeRules } from './constantShapes';

/** ONNX ops that are computed while reading where all their inputs are constants. */
export const CONSTANT_RULES: Readonly<Record<string, ConstantRule>> = {
  ...arithmeticRules,
  ...moveRules,
  ...shapeRules,
};
