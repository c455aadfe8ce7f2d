// URLs in texts for people: hosts stay, stream keys and queries go.

/** Cuts every URL in a text after its host. */
export const maskUrls = (text: string): string => text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#]*)[^\s]*/gi, '$1$2/…')
