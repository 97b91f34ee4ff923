/** An official image by its name and tag. */
export interface OfficialImage {
  /** `node`, `dotnet/aspnet`. */
  readonly product: string;
  /** Empty where none is given. */
  readonly tag: string;
}

/** The official image that a reference names, also by way of a mirror; undefined for others and for unknown variables. */
export function parseImage(reference: string): OfficialImage | undefined {
  const match = /^([^@$\s:]+(?::\d+\/[^@$\s:]+)?)(?::([\w.-]+))?(?:@.*)?$/.exec(reference);
  const [, path = '', tag = ''] = match ?? [];
  const parts = path.toLowerCase().split('/');
  const product = parts.at(-1) ?? '';
  if (product === '') return undefined;
  if (parts.includes('dotnet')) {
    const isOfMicrosoft = parts[0] === 'mcr.microsoft.com';
    return isOfMicrosoft ? { product: `dotnet/${product}`, tag } : undefined;
  }
  const isOfficial =
    parts.length === 1 ||
    parts.at(-2) === 'library' ||
    /^(index\.)?docker\.io$/.test(path.replace(/\/[^/]*$/, ''));
  return isOfficial ? { product, tag } : undefined;
}
