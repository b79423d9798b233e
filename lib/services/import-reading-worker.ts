/** The thread that reads the file of a large import; cli/build.mjs bundles it. One answer for each question. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ImportQuestion, ImportReading, type ReadingOrder } from './import-reading';

const reading = await ImportReading.open(workerData as ReadingOrder);
parentPort!.on('message', async (question: ImportQuestion) => parentPort!.postMessage(await reading.answer(question)));
