/** The public face of the measurements: the paper's experiments. */

export { type ExperimentRun, type Measurement, runExperiments } from './experiments.js';
export { type ExperimentName, PAPER, type PaperFigure } from './paper.js';
