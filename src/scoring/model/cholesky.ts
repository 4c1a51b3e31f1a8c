/** Of a pivot to its diagonal entry, below which the matrix counts as singular. */
const SINGULAR = 1e-13;

/**
 * x of A x = b for a symmetric positive definite A, n × n row by row; only its lower triangle is read. Null when it is singular or not
 * positive definite.
 */
export function choleskySolve(matrix: Float64Array, b: Float64Array): Float64Array | null {
  const factor = choleskyOf(matrix, b.length);
  return factor && backward(factor, forward(factor, b));
}

/** The diagonal of A⁻¹, as for `choleskySolve`. */
export function choleskyInverseDiagonal(matrix: Float64Array, n: number): Float64Array | null {
  const factor = choleskyOf(matrix, n);
  if (!factor) return null;
  const diagonal = new Float64Array(n);
  const column = new Float64Array(n);
  // A⁻¹ = L⁻ᵀ L⁻¹: the sums of squares of the columns of L⁻¹.
  for (let one = 0; one < n; one++) {
    let sum = 0;
    for (let row = one; row < n; row++) {
      let rest = row === one ? 1 : 0;
      for (let k = one; k < row; k++) rest -= (factor[row * n + k] ?? 0) * (column[k] ?? 0);
      const value = rest / (factor[row * n + row] ?? 1);
      column[row] = value;
      sum += value * value;
    }
    diagonal[one] = sum;
  }
  return diagonal;
}

/** Lower triangular L with A = L Lᵀ. */
function choleskyOf(matrix: Float64Array, n: number): Float64Array | null {
  const factor = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * n + column] ?? 0;
      for (let one = 0; one < column; one++) {
        rest -= (factor[row * n + one] ?? 0) * (factor[column * n + one] ?? 0);
      }
      if (row > column) {
        factor[row * n + column] = rest / (factor[column * n + column] ?? 1);
        continue;
      }
      if (!(rest > SINGULAR * Math.abs(matrix[row * n + row] ?? 0))) return null;
      factor[row * n + row] = Math.sqrt(rest);
    }
  }
  return factor;
}

function forward(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let row = 0; row < n; row++) {
    let rest = x[row] ?? 0;
    for (let column = 0; column < row; column++) rest -= (factor[row * n + column] ?? 0) * (x[column] ?? 0);
    x[row] = rest / (factor[row * n + row] ?? 1);
  }
  return x;
}

function backward(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let row = n - 1; row >= 0; row--) {
    let rest = x[row] ?? 0;
    for (let below = row + 1; below < n; below++) rest -= (factor[below * n + row] ?? 0) * (x[below] ?? 0);
    x[row] = rest / (factor[row * n + row] ?? 1);
  }
  return x;
}
