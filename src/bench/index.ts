/** The public face of the measurements: the paper's experiments. */

export { type Calibration, calibrate } from './calibration.js';
export { type ExperimentRun, type Measurement, runExperiments } from './experiments.js';
export { EXPERIMENTS, type ExperimentName, type PaperFigure, paperFigure } from './paper.js';
