namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>An upright rectangle on an image, in any one unit, from its upper left to its lower right corner; x runs right, y down.</summary>
public readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    /// <summary>0 for a box without extent.</summary>
    public double Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    /// <summary>Whether a point lies in the box or on its edge.</summary>
    public bool Contains(double x, double y) => x >= Left && x <= Right && y >= Top && y <= Bottom;

    /// <summary>Area that both share.</summary>
    public double Intersection(Box other) =>
        new Box(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).Area;

    /// <summary>Intersection over union, 0..1: the shared part of all that either covers; 1 only for equal boxes.</summary>
    /// <returns>0 when neither box has an extent.</returns>
    public double IoU(Box other) => Share(Intersection(other), Area + other.Area - Intersection(other));

    /// <summary>Intersection over this box's own area, 0..1: how much of what was predicted lies in the other, true box. Never less than the IoU.</summary>
    /// <remarks>Source: Wang et al., ChestX-ray8, CVPR 2017, as IoBB with the detected box below the line.</remarks>
    /// <returns>0 when this box has no extent.</returns>
    public double IoBB(Box truth) => Share(Intersection(truth), Area);

    private static double Share(double part, double whole) => whole > 0 ? Math.Clamp(part / whole, 0, 1) : 0;
}
