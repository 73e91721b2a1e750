"""One measurement of a Python peer, as one JSON line: python measure-peer.py {xgboost|isolation-forest} <data> <rows> <columns> <threads>."""

import json
import resource
import sys
import time

import numpy

what, path, rows, columns, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
with open(path, "rb") as file:
    values = numpy.fromfile(file, dtype=numpy.float32, count=rows * columns).reshape(rows, columns)
    labels = numpy.fromfile(file, dtype=numpy.int32, count=rows)
before = resource.getrusage(resource.RUSAGE_SELF)
floor = before.ru_maxrss
started = time.perf_counter()
out = {}
if what == "xgboost":
    import xgboost

    train = int(rows * 0.8)
    started = time.perf_counter()
    positives = int(labels[:train].sum())
    model = xgboost.XGBClassifier(
        n_estimators=100, max_depth=6, learning_rate=0.1, subsample=0.8, colsample_bytree=0.8, reg_lambda=1,
        scale_pos_weight=(train - positives) / positives, tree_method="hist", n_jobs=threads, random_state=1,
    )
    model.fit(values[:train], labels[:train])
    out["seconds"] = time.perf_counter() - started
    out["scores"] = model.predict_proba(values[train:])[:, 1].astype(float).tolist()
else:
    from sklearn.ensemble import IsolationForest

    started = time.perf_counter()
    model = IsolationForest(n_estimators=100, max_samples=256, random_state=1, n_jobs=threads).fit(values)
    out["scores"] = float(-model.score_samples(values).mean())
    out["seconds"] = time.perf_counter() - started
after = resource.getrusage(resource.RUSAGE_SELF)
out["cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
out["megabytes"] = after.ru_maxrss / 1024
out["megabytes_before"] = floor / 1024
print(json.dumps(out))
