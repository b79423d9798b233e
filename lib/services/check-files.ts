import { invalid } from '@/lib/auth/refusal';
import { fileSize, readStart } from '@/lib/db/files';
import { message } from '@/trainer/contract/message';
import { type CheckedModel, checkModel, unreadable } from '@/trainer/io/check-model';
import { ModelFilesError } from '@/trainer/io/shard-index';

const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/**
 * Checks a model's files on this machine. @param paths file name in the model -> path @throws Refusal 'invalid' with
 * the file and the reason
 */
export async function checkFiles(paths: ReadonlyMap<string, string>): Promise<CheckedModel> {
  const start = async (name: string, bytes: number) => {
    const path = paths.get(name);
    return path === undefined ? new Uint8Array() : readStart(path, bytes);
  };
  const size = async (name: string) => {
    const path = paths.get(name);
    return (path === undefined ? null : await fileSize(path)) ?? undefined;
  };
  try {
    return await checkModel({
      pathOf: (name) => name,
      size,
      readStart: start,
      async read(name) {
        const bytes = await size(name);
        if (bytes === undefined) return undefined;
        if (bytes > MAX_TEXT_BYTES) throw new ModelFilesError(name, message('textFileTooLarge'));
        return start(name, bytes);
      },
    });
  } catch (error) {
    throw invalid('notTrainable', {
      reason: error instanceof ModelFilesError ? error.translatable : unreadable(error),
    });
  }
}
