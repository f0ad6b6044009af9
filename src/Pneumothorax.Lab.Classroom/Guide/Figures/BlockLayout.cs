namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>A box of the drawing of a block, in its own units.</summary>
public readonly record struct BlockPlace(int X, int Y, int Width, int Height);

/// <summary>Where a block's six boxes stand (in, convolution, convolution, sum, pooling, out), and the wires between them.</summary>
/// <param name="Skip">The wire round the second convolution: the exercise's blocks.</param>
/// <param name="SkipFromIn">The wire round both: residual units.</param>
/// <param name="Heads">Arrow heads.</param>
public sealed record BlockLayout(int Width, int Height, IReadOnlyList<BlockPlace> Boxes, string Wires, string Skip, string SkipFromIn, string Heads)
{
    /// <summary>Left to right, for wide pages.</summary>
    public static BlockLayout Wide { get; } = new(
        1000, 132,
        [new(0, 50, 124, 62), new(160, 42, 178, 78), new(390, 42, 178, 78), new(614, 62, 38, 38), new(692, 42, 142, 78), new(870, 50, 130, 62)],
        "M124 81H152M338 81H382M568 81H606M652 81H684M834 81H862", "M360 81V16H633V54", "M140 81V16H633V54",
        "M152 76l8 5-8 5zM382 76l8 5-8 5zM606 76l8 5-8 5zM684 76l8 5-8 5zM862 76l8 5-8 5zM628 54l5 8 5-8z");

    /// <summary>Top to bottom, for phones.</summary>
    public static BlockLayout Tall { get; } = new(
        320, 512,
        [new(60, 0, 180, 52), new(50, 84, 200, 78), new(50, 208, 200, 78), new(131, 324, 38, 38), new(70, 394, 160, 40), new(60, 460, 180, 52)],
        "M150 52V76M150 162V200M150 286V316M150 362V386M150 434V452", "M150 184H290V343H177", "M150 68H290V343H177",
        "M145 76l5 8 5-8zM145 200l5 8 5-8zM145 316l5 8 5-8zM145 386l5 8 5-8zM145 452l5 8 5-8zM177 338l-8 5 8 5z");
}
