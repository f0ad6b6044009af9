namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>What a convolution with ReLU does at one place: patch times kernel, added up, and negative sums to 0.</summary>
/// <param name="Patch">The values under the kernel, row by row; 0 beyond the edge.</param>
/// <param name="Products">Patch times weights.</param>
/// <param name="Sum">Of the products and the bias.</param>
public sealed record ConvolutionStep(IReadOnlyList<float> Patch, IReadOnlyList<float> Products, float Sum)
{
    /// <summary>After ReLU: the value of the feature map at this place.</summary>
    public float Answer => Math.Max(0, Sum);

    public static ConvolutionStep Of(PreparedImage image, Kernel kernel, int row, int column)
    {
        var patch = new float[kernel.Weights.Count];
        var products = new float[patch.Length];
        var reach = kernel.Size / 2;
        var sum = kernel.Bias;
        for (var i = 0; i < patch.Length; i++)
        {
            patch[i] = image.At(row + i / kernel.Size - reach, column + i % kernel.Size - reach);
            products[i] = patch[i] * kernel.Weights[i];
            sum += products[i];
        }
        return new(patch, products, sum);
    }

    /// <summary>The answers at every place: a feature map of the image's own size.</summary>
    public static PreparedImage Everywhere(PreparedImage image, Kernel kernel)
    {
        var answers = new float[image.Values.Length];
        for (var i = 0; i < answers.Length; i++) answers[i] = SumAt(image, kernel, i / image.Side, i % image.Side);
        return new(image.Side, answers);
    }

    /// <summary>2 x 2 max pooling: the four answers of the square that a place belongs to, row by row.</summary>
    public static IReadOnlyList<float> Square(PreparedImage map, int row, int column)
    {
        int top = row / 2 * 2, left = column / 2 * 2;
        return [map.At(top, left), map.At(top, left + 1), map.At(top + 1, left), map.At(top + 1, left + 1)];
    }

    // Without the arrays of a step: this runs at every pixel.
    private static float SumAt(PreparedImage image, Kernel kernel, int row, int column)
    {
        var reach = kernel.Size / 2;
        var sum = kernel.Bias;
        for (var i = 0; i < kernel.Weights.Count; i++)
        {
            sum += image.At(row + i / kernel.Size - reach, column + i % kernel.Size - reach) * kernel.Weights[i];
        }
        return Math.Max(0, sum);
    }
}
