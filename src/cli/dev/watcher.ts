/** Watches an app's folder for changes that a running app does not notice by itself. */
import { relative, sep } from "node:path";
import { watch } from "chokidar";

/** Folders that hold nothing the app was started from; what is in `public` is read at each request. */
const ignoredFolders =
  /^(?:node_modules|dist|coverage|data|logs|public|sessions|test|tests|vendor)$/;
const watchedFiles = /(?:\.(?:[cm]?[jt]sx?|json|ya?ml|eta|tt)|^\.env)$/;
/** Editors write more than once; in milliseconds. */
const settling = 40;

/** Calls `changed` with the files, relative to the folder; gives a function that ends it. */
export function watchFolder(
  folder: string,
  changed: (files: readonly string[]) => void,
): () => Promise<void> {
  const files = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path, stats) => {
      const parts = relative(folder, path).split(sep);
      const name = parts.at(-1) ?? "";
      if (name === "" || stats === undefined) return false;
      if (stats.isDirectory()) return name.startsWith(".") || ignoredFolders.test(name);
      return !watchedFiles.test(name);
    },
  });
  watcher.on("all", (_event, path) => {
    files.add(relative(folder, path));
    clearTimeout(timer);
    timer = setTimeout(() => {
      changed([...files]);
      files.clear();
    }, settling);
  });
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}
