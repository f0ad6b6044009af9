using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>Values at the two ends of a colour scale.</summary>
public readonly record struct MapRange(float Low, float High);

/// <summary>Makes a PNG of a map: enlarged, scaled, coloured, alone or over its X-ray. Every map that the lab shows is drawn here.</summary>
/// <param name="Range">Null: from the lowest to the highest value of the enlarged map.</param>
public sealed record MapRenderer(ColourMap Colours, MapRange? Range = null)
{
    public InterpolationMode Interpolation { get; init; } = InterpolationMode.Bilinear;

    /// <param name="map">side x side, row by row.</param>
    /// <returns>The map alone, size x size.</returns>
    public byte[] Png(ReadOnlySpan<float> map, int side, int size) => ImageCodec.ColourPng(CamPicture.Map(Scaled(map, side, size), Colours), size, size);

    /// <param name="map">side x side, row by row.</param>
    /// <param name="xray">size x size grey values, row by row.</param>
    /// <param name="opacity">Of the highest value, 0..1.</param>
    /// <returns>The map over the X-ray, size x size.</returns>
    public byte[] PngOver(ReadOnlySpan<byte> xray, float opacity, ReadOnlySpan<float> map, int side, int size) =>
        ImageCodec.ColourPng(CamPicture.Overlay(xray, Scaled(map, side, size), Colours, opacity), size, size);

    private float[] Scaled(ReadOnlySpan<float> map, int side, int size)
    {
        var values = Interpolation.Enlarge(map, side, size);
        var (low, high) = Range ?? new(values.Min(), values.Max());
        CamPicture.Scale(values, low, high);
        return values;
    }
}
