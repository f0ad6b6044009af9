namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>How chunks of any shape tile an array.</summary>
internal sealed record TileShape(int[] Array, int[] Chunk, int Size)
{
    /// <returns>Where the chunks begin that hold rows from <paramref name="first"/> on.</returns>
    public IEnumerable<int[]> Origins(int first)
    {
        var origin = new int[Array.Length];
        origin[0] = first;
        while (true)
        {
            yield return [.. origin];
            var axis = Array.Length - 1;
            for (; axis > 0; axis--)
            {
                origin[axis] += Chunk[axis];
                if (origin[axis] < Array[axis]) break;
                origin[axis] = 0;
            }
            if (axis == 0) yield break;
        }
    }

    /// <summary>Copies what of a chunk lies inside the array, one run along the last axis after the other.</summary>
    public void Scatter(ReadOnlySpan<byte> bytes, int[] origin, int firstRow, int rowCount, Span<byte> target)
    {
        var rank = Array.Length;
        Span<int> size = stackalloc int[rank];
        for (var axis = 0; axis < rank; axis++) size[axis] = Math.Min(Chunk[axis], (axis == 0 ? firstRow + rowCount : Array[axis]) - origin[axis]);
        Span<int> at = stackalloc int[rank];
        at.Clear();
        while (true)
        {
            long from = 0, to = 0;
            for (var axis = 0; axis < rank; axis++)
            {
                from = from * Chunk[axis] + at[axis];
                to = to * Array[axis] + (axis == 0 ? origin[0] - firstRow : origin[axis]) + at[axis];
            }
            var run = (rank == 1 ? 1 : size[rank - 1]) * Size;
            bytes.Slice((int)from * Size, run).CopyTo(target[((int)to * Size)..]);

            var moving = rank == 1 ? 0 : rank - 2;
            while (moving >= 0 && ++at[moving] == size[moving]) at[moving--] = 0;
            if (moving < 0) return;
        }
    }
}
