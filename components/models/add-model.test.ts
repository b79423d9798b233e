import { describe, expect, it } from 'vitest';
import { defaultModelName, filesOfFolder, hubAddress } from './add-model';

const file = (path: string) => Object.assign(new File(['x'], path.split('/').at(-1)!), { webkitRelativePath: path });

describe('adding a model', () => {
  it('takes the files directly in the chosen folder, without hidden files and subfolders', () => {
    const { folder, files } = filesOfFolder(
      ['tiny/config.json', 'tiny/.gitattributes', 'tiny/onnx/model.onnx', 'tiny/model.safetensors'].map(file),
    );
    expect(folder).toBe('tiny');
    expect(files.map(({ name }) => name)).toEqual(['config.json', 'model.safetensors']);
    expect(filesOfFolder([])).toEqual({ folder: '', files: [] });
  });

  it('reads an address as people type or copy it', () => {
    const hub = 'https://hub.example';
    expect(hubAddress(' owner/some-model.v2 ', hub)).toBe('https://hub.example/owner/some-model.v2');
    expect(hubAddress('https://hub.example/owner/name', hub)).toBe('https://hub.example/owner/name');
    expect(defaultModelName('https://hub.example/owner/name/tree/c0ffee')).toBe('name');
    expect(defaultModelName('team/small')).toBe('small');
    expect(defaultModelName('')).toBe('');
  });
});
