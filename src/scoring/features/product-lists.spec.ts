import { ProductLists } from './product-lists.js';

describe(ProductLists.name, () => {
  it('lists each product once and interns equal lists', () => {
    const sut = new ProductLists();
    const list = sut.of('["b","a","b"]');
    expect(list).toEqual(['a', 'b']);
    expect(sut.of('["b","a","b"]')).toBe(list);
    expect(sut.of(null)).toEqual([]);
  });
});
