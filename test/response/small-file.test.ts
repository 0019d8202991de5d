import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSmallFile } from "../../src/response/small-file.ts";
import { tempFolder } from "../support/app.ts";

const folder = tempFolder({ "a.txt": "text", "empty.txt": "" });

describe("readSmallFile", () => {
  it.each([
    ["a.txt", "text"],
    ["empty.txt", ""],
    ["absent.txt", undefined],
    [".", undefined],
  ])("of %s is %j", (name, expected) => {
    expect(readSmallFile(join(folder, name))?.bytes.toString()).toBe(expected);
  });

  it.skipIf(process.platform === "win32")("does not wait for a pipe", () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(readSmallFile(pipe)).toBeUndefined();
  });

  it("leaves no file open", () => {
    const next = () => {
      const file = openSync(join(folder, "a.txt"), "r");
      closeSync(file);
      return file;
    };
    const before = next();
    for (const name of ["a.txt", "absent.txt", "."]) readSmallFile(join(folder, name));
    expect(next()).toBe(before);
  });
});
