/** How pages of one tool are built: where the text is, what around it says nothing, and where the page's place among others stands. */
export interface PageShape {
  name: string;
  /** Found in the page's first kilobytes or its body when it is of this shape. */
  marks: RegExp;
  /** Id of the element that holds the text; the whole body where absent. */
  main?: string;
  /** Ids and classes of elements that hold no content. */
  dropped: RegExp;
  /** Id of the list of the page's parents. */
  parents?: string;
  /** Names of `meta` elements that say what the page belongs to, from the top down. */
  parentMetas: readonly string[];
  /** The page's own name within its `title` element. */
  titleOf(title: string): string;
}

/** The shapes that are known, most specific first; the last fits every page. */
export const pageShapes: readonly PageShape[] = [
  {
    name: 'confluence export',
    marks: /id="breadcrumbs"|id="main-content" class="wiki-content/,
    main: 'main-content',
    dropped: /^(?:footer|page-metadata|toc-macro|confluence-information-macro-icon|attachments)$/,
    parents: 'breadcrumbs',
    parentMetas: [],
    // The export writes `Space : Page`.
    titleOf: (title) => title.replace(/^[^:]* : /, ''),
  },
  {
    name: 'aws documentation',
    marks: /id="main-col-body"|awsdocs-/,
    main: 'main-col-body',
    dropped:
      /^(?:awsdocs-(?:page-utilities|page-footer|language-banner|filter-selector|thumb.*|copyright)|prev-next|feedback.*|page-toc-src|js_error_message)$/,
    parentMetas: ['product', 'guide'],
    titleOf: (title) => title.replace(/ - (?:Amazon|AWS) [^-]*$/, ''),
  },
  {
    name: 'page',
    marks: /^/,
    dropped: /^(?:breadcrumbs?|sidebar|toc|table-of-contents|cookie.*|skip-link)$/,
    parentMetas: [],
    titleOf: (title) => title,
  },
];
