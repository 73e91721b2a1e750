import type { DataDomain } from '../names.ts';

/** How one domain lies in its database. */
export interface TableDesign {
  readonly create: string;
  /** Copies synthetic rows in; takes the first id and the number of rows. */
  readonly grow: string;
  readonly index: string;
  readonly indexOn: string;
}

/** Rows of each table at the start. */
export const initialRows = 60_000;

// Numbers are bound as reals, so they are cast: an 'i' of 7.0 would make keys like 'customer-7.0'.
const numbers =
  'WITH RECURSIVE n(i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?1 + ?2 - 1)';

/** The tables of the shop. */
export const tableDesigns: Readonly<Record<DataDomain, TableDesign>> = {
  products: {
    create:
      'CREATE TABLE products (id INTEGER PRIMARY KEY, sku TEXT, category TEXT, keyword TEXT, title TEXT, price INTEGER)',
    grow: `${numbers} INSERT INTO products SELECT i, 'sku-' || i, 'category-' || (i % 1500), 'word-' || (i % 2000), 'Product number ' || i, 100 + i % 900 FROM n`,
    index: 'products_category',
    indexOn: 'products(category)',
  },
  orders: {
    create: 'CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, amount INTEGER, status TEXT, note TEXT)',
    grow: `${numbers} INSERT INTO orders SELECT i, 'customer-' || (i % 4000), i % 500, 'paid', 'order placed on the web shop' FROM n`,
    index: 'orders_customer',
    indexOn: 'orders(customer)',
  },
  carts: {
    create: 'CREATE TABLE carts (id INTEGER PRIMARY KEY, customer TEXT, product INTEGER, quantity INTEGER, note TEXT)',
    grow: `${numbers} INSERT INTO carts SELECT i, 'customer-' || (i % 4000), 1 + i % 2000, 1, 'added on the product page' FROM n`,
    index: 'carts_customer',
    indexOn: 'carts(customer)',
  },
  stock: {
    create: 'CREATE TABLE stock (id INTEGER PRIMARY KEY, sku TEXT, warehouse INTEGER, quantity INTEGER, note TEXT)',
    grow: `${numbers} INSERT INTO stock SELECT i, 'sku-' || (i % 12000), i % 5, 20 + i % 50, 'counted at the last stocktaking' FROM n`,
    index: 'stock_sku',
    indexOn: 'stock(sku)',
  },
  reviews: {
    create: 'CREATE TABLE reviews (id INTEGER PRIMARY KEY, product INTEGER, stars INTEGER, body TEXT)',
    grow: `${numbers} INSERT INTO reviews SELECT i, i % 8000, 1 + i % 5, 'works as described, fast delivery' FROM n`,
    index: 'reviews_product',
    indexOn: 'reviews(product)',
  },
};
