namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>
/// A place or direction. Anatomy is measured from the middle of the chest, x to the picture's right (the patient's left), y down,
/// in units of half a picture.
/// </summary>
internal readonly record struct Vec(double X, double Y)
{
    public double Length => Math.Sqrt(X * X + Y * Y);

    public Vec Unit => this * (1 / Math.Max(Length, 1e-9));

    /// <summary>A quarter turn: from right to down on the picture.</summary>
    public Vec Turned => new(-Y, X);

    public Vec MirroredIf(bool mirror) => mirror ? new(-X, Y) : this;

    public static Vec operator +(Vec a, Vec b) => new(a.X + b.X, a.Y + b.Y);
    public static Vec operator -(Vec a, Vec b) => new(a.X - b.X, a.Y - b.Y);
    public static Vec operator *(Vec a, double factor) => new(a.X * factor, a.Y * factor);

    public static Vec Towards(double angle) => new(PortableMath.Cos(angle), PortableMath.Sin(angle));

    public static Vec Between(Vec a, Vec b, double share) => a + (b - a) * share;
}
