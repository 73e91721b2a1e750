import { blame } from '../common-breaks.ts';
import { commit } from '../commit.ts';
import { mechanisms } from '../mechanisms.ts';
import type { Break } from '../rig.ts';
import { names } from './shop-names.ts';

/** A release: a commit to the application and its restart; undone by the former text and another restart. */
function release(name: string, message: string, from: string, to: string): Pick<Break, 'name' | 'apply' | 'undo'> {
  return {
    name,
    apply: async (rig) => {
      await commit(rig, 'shop/app.py', message, (text) => text.replace(from, to));
      await rig.programs.restart('shop');
    },
    undo: async (rig) => {
      await commit(rig, 'shop/app.py', `Revert "${message}"`, (text) => text.replace(to, from));
      await rig.programs.restart('shop');
    },
  };
}

const loop =
  '    end = time.perf_counter() + 0.12\n    while time.perf_counter() < end:\n        pass\n    return jsonify(id=number), 201';
/** Releases of the application, one of them innocent. */
export const codeBreaks: Break[] = [
  {
    told: 'a release computes in a loop at each order',
    ...blame(names.app, mechanisms.cpuInCode, 'code'),
    ...release(
      'spin',
      'orders: recompute prices of the basket before confirming',
      '    return jsonify(id=number), 201',
      loop,
    ),
  },
  {
    told: 'a release reads a field that is not there',
    ...blame(names.app, mechanisms.badCode, 'code'),
    ...release(
      'bad-release',
      'products: show the discounted price',
      '"price": float(row[0][2])',
      '"price": float(row[0][4])',
    ),
  },
  {
    told: 'a release keeps megabytes of each request, under a limit of memory',
    ...blame(names.app, mechanisms.memory, 'code'),
    ...release(
      'leak',
      'orders: keep the last orders for the report',
      '    return jsonify(id=number), 201',
      '    kept.append(bytearray(1500000))\n    return jsonify(id=number), 201',
    ),
  },
  {
    told: 'a release that alters nothing that runs',
    culprit: false,
    entities: [],
    faults: [],
    layer: 'none',
    ...release('innocent-release', 'orders: name the constant', 'kept = []', 'kept = []  # orders of the report'),
  },
];
