// What the reader of docs/benchmarks.md should know beside the numbers, by figure.

export const remarks: Readonly<Record<string, string>> = {}
