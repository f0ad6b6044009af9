namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Numbers in rows: the last axis runs fastest, as in NumPy.</summary>
/// <param name="Name">What messages call it, such as "maps".</param>
/// <param name="Shape">One length an axis; none for a single number.</param>
/// <param name="Values">As many as the product of the lengths.</param>
public sealed record Tensor(string Name, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>"128 × 8 × 8"; "one number" without axes.</summary>
    public string ShapeText => Shape.Count == 0 ? "one number" : string.Join(" × ", Shape);

    /// <returns>The same numbers with their axes in another order.</returns>
    /// <param name="order">For each new axis, which old one it is.</param>
    public Tensor Transpose(params int[] order)
    {
        var steps = Steps(Shape);
        int[] shape = [.. order.Select(axis => Shape[axis])];
        var values = new float[Values.Length];
        var position = new int[shape.Length];
        for (var at = 0; at < values.Length; at++)
        {
            var from = 0;
            for (var axis = 0; axis < shape.Length; axis++) from += position[axis] * steps[order[axis]];
            values[at] = Values[from];
            for (var axis = shape.Length - 1; axis >= 0 && ++position[axis] == shape[axis]; axis--) position[axis] = 0;
        }
        return this with { Shape = shape, Values = values };
    }

    /// <returns>How far apart two neighbours along each axis lie in <see cref="Values"/>.</returns>
    public static int[] Steps(IReadOnlyList<int> shape)
    {
        var steps = new int[shape.Count];
        var step = 1;
        for (var axis = shape.Count - 1; axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= shape[axis];
        }
        return steps;
    }
}
