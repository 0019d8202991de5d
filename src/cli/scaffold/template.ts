/** The apps that `quickstep new` copies: one a folder in `templates/`, with what all share in `shared/`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";

/** The templates by name, and what each is. */
export const templates = {
  app: "pages with a layout, sign-up and log-in with sessions",
  api: "JSON without pages",
  minimal: "one file",
} as const;

/** The name of a template. */
export type TemplateName = keyof typeof templates;

/** The name that stands for the app's own in the files of a template. */
const placeholder = "my-app";
/** npm renames or drops these in packages, or would take a manifest for a package of its own. */
const renamed: Readonly<Record<string, string>> = {
  gitignore: ".gitignore",
  "package.template.json": "package.json",
};
/** What running a template in place leaves there. */
const leftovers = /^(?:node_modules|dist|data|logs|\.env.*|.*_local\.yml)$/;

/** The files of a new app by their path in it, with the app's name in them. */
export function readTemplate(template: TemplateName, name: string): Map<string, string> {
  const files = new Map<string, string>();
  // What is shared wins: the folders of templates hold a tsconfig.json that serves them in place.
  for (const folder of [template, "shared"]) {
    const root = join(packageRoot, "templates", folder);
    for (const path of list(root, "")) {
      const text = readFileSync(join(root, path), "utf8").replaceAll(placeholder, name);
      files.set((renamed[path] ?? path).replaceAll(placeholder, name), text);
    }
  }
  return files;
}

function list(root: string, below: string): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    if (leftovers.test(entry.name)) return [];
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? list(root, path) : [path];
  });
}
