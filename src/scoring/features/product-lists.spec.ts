import { ProductLists } from './product-lists.js';

describe(ProductLists.name, () => {
  it('names each product once, and keeps equal lists once', () => {
    const sut = new ProductLists();
    const list = sut.of('["b","a","b"]');
    expect(list).toEqual(['a', 'b']);
    expect(sut.of('["b","a","b"]')).toBe(list);
    expect(sut.of(null)).toEqual([]);
  });
});
