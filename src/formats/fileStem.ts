/** A file's name without folders and without its last extension: `models/net.v2.safetensors` → `net.v2`. */
export const fileStem = (file: string): string => file.replace(/^.*[\\/]/, '').replace(/(?<=.)\.[^.]*$/, '');
