namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>A rectangle on an image, in image pixels; the origin is the upper left corner of the upper left pixel.</summary>
public sealed record PixelBox(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;
    public double Bottom => Y + Height;
}
