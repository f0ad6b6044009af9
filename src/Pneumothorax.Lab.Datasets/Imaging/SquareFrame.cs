using System.Buffers;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>
/// How a picture of any shape becomes an image of 256 x 256, in imports and for a student's own picture alike: black beside or above and below it
/// makes it square, then it is brought to size. So hearts keep their shape, which stretching would change, and nothing is lost at the border,
/// where cutting to a square would take the apex or the wall of the chest, and a pneumothorax with it. The price is that a network can see how
/// square a picture was, which may hang together with its hospital or its view.
/// </summary>
/// <param name="Width">Of the picture, in pixels.</param>
public readonly record struct SquareFrame(int Width, int Height)
{
    private const int ImageSide = DatasetManifest.Side;

    /// <summary>Of the square, in pixels of the picture.</summary>
    public int Side => Math.Max(Width, Height);

    /// <summary>Pixels of black on the left; above where the picture is wide.</summary>
    public int Left => (Side - Width) / 2;

    public int Top => (Side - Height) / 2;

    /// <param name="pixels">Width x Height grey values, row by row.</param>
    /// <param name="image">256 x 256 grey values; filled.</param>
    public void ToImage(ReadOnlySpan<byte> pixels, Span<byte> image)
    {
        if (Width == Height)
        {
            if (Side == ImageSide) pixels.CopyTo(image);
            else ImageCodec.Resample(pixels, Side, Side, image, ImageSide, ImageSide);
            return;
        }
        var borrowed = ArrayPool<byte>.Shared.Rent(Side * Side);
        try
        {
            var square = borrowed.AsSpan(0, Side * Side);
            square.Clear();
            for (var y = 0; y < Height; y++) pixels.Slice(y * Width, Width).CopyTo(square[(((Top + y) * Side) + Left)..]);
            ImageCodec.Resample(square, Side, Side, image, ImageSide, ImageSide);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(borrowed);
        }
    }

    /// <param name="inside">Width x Height, row by row.</param>
    /// <returns>256 x 256 shares of each pixel that are inside, 0 to 1.</returns>
    internal float[] ToImage(ReadOnlySpan<bool> inside)
    {
        var shares = new float[ImageSide * ImageSide];
        var scale = (double)ImageSide / Side;
        for (var y = 0; y < Height; y++)
        {
            var row = inside.Slice(y * Width, Width);
            var (top, bottom) = ((Top + y) * scale, (Top + y + 1) * scale);
            for (var x = 0; x < Width; x++)
            {
                if (!row[x]) continue;
                var (left, right) = ((Left + x) * scale, (Left + x + 1) * scale);
                for (var v = (int)top; v < bottom && v < ImageSide; v++)
                {
                    for (var u = (int)left; u < right && u < ImageSide; u++)
                        shares[(v * ImageSide) + u] += (float)((Math.Min(bottom, v + 1) - Math.Max(top, v)) * (Math.Min(right, u + 1) - Math.Max(left, u)));
                }
            }
        }
        return shares;
    }

    /// <param name="box">In pixels of the picture.</param>
    /// <returns>The same in pixels of the image.</returns>
    public PixelBox ToImage(PixelBox box)
    {
        var scale = (double)ImageSide / Side;
        return new((Left + box.X) * scale, (Top + box.Y) * scale, box.Width * scale, box.Height * scale);
    }
}
