namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>A small square of weights that slides over an image.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Says">What it answers to, in one sentence.</param>
/// <param name="Size">Side; odd.</param>
/// <param name="Weights">Size x Size, row by row.</param>
/// <param name="Standardised">It works on standardised values, as a network's first layer does, rather than on grey values.</param>
public sealed record Kernel(string Title, string Says, int Size, IReadOnlyList<float> Weights, float Bias = 0, bool Standardised = false)
{
    private const float Ninth = 1f / 9;

    /// <summary>Kernels that people made up before networks learned their own.</summary>
    public static IReadOnlyList<Kernel> ByHand { get; } =
    [
        new("Vertical edge", "High where the image is darker on the left than on the right; exactly 0 on a uniform grey.", 3, [-1, 0, 1, -2, 0, 2, -1, 0, 1]),
        new("Horizontal edge", "High where the image is darker above than below: the lower edge of the lungs, the upper edge of a rib.", 3, [-1, -2, -1, 0, 0, 0, 1, 2, 1]),
        new("Thin line", "High on a bright vertical line one pixel wide, such as the edge of a collapsed lung.", 3, [-1, 2, -1, -1, 2, -1, -1, 2, -1]),
        new("Blur", "The mean of nine neighbours: it smooths out noise, but also fine lines.", 3, [Ninth, Ninth, Ninth, Ninth, Ninth, Ninth, Ninth, Ninth, Ninth]),
    ];
}
