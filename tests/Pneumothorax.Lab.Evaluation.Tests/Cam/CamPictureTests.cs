using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Cam;

namespace Pneumothorax.Lab.Evaluation.Tests.Cam;

public sealed class CamPictureTests
{
    [Property(MaxTest = 50)]
    public void Overlay_WithoutOpacityOrEvidence_LeavesTheXRayAsItIs(byte[] xray, byte value)
    {
        var grey = xray.SelectMany(pixel => new[] { pixel, pixel, pixel });
        var values = Enumerable.Repeat(value / 255f, xray.Length).ToArray();

        Assert.Equal(grey, CamPicture.Overlay(xray, values, ColourMap.Inferno, opacity: 0));
        Assert.Equal(grey, CamPicture.Overlay(xray, new float[xray.Length], ColourMap.Inferno, opacity: 1));
        Assert.Equal(CamPicture.Map(Enumerable.Repeat(1f, xray.Length).ToArray(), ColourMap.Jet), CamPicture.Overlay(xray, Enumerable.Repeat(1f, xray.Length).ToArray(), ColourMap.Jet, opacity: 1));
    }

    [Fact]
    public void Upsample_OfALinearMap_IsTheSameLineInside()
    {
        float[] map = [.. Enumerable.Range(0, 16).Select(i => (float)(i % 4))];

        var large = CamPicture.Upsample(map, 4, 256);

        // Pixel x lies at (x + 0.5) / 64 - 0.5 of the map; beyond its outer centres the edge goes on.
        for (var x = 0; x < 256; x++) Assert.Equal(Math.Clamp((x + 0.5) / 64 - 0.5, 0, 3), large[100 * 256 + x], 1e-4);
    }

    [Property(MaxTest = 50)]
    public void Upsample_StaysWithinTheMap(byte[] values)
    {
        if (values.Length < 4) return;
        float[] map = [.. values.Take(4).Select(value => value - 100f)];

        Assert.All(CamPicture.Upsample(map, 2, 32), value => Assert.InRange(value, map.Min() - 1e-3f, map.Max() + 1e-3f));
    }

    [Fact]
    public void Scale_WithoutARange_ShowsNoEvidence()
    {
        float[] flat = [0.3f, 0.3f], negative = [-2, -1, 0, 1, 2];
        CamPicture.Scale(flat, 0.3f, 0.3f);
        CamPicture.Scale(negative, 0, 2);

        Assert.Equal([0, 0], flat);
        Assert.Equal([0, 0, 0, 0.5f, 1], negative);
    }

    [Fact]
    public void Overlay_TwoSided_ShowsTheXRayAtZero_AndColoursBothSigns()
    {
        byte[] xray = [100, 100, 100];
        float[] values = [-2, 0, 2];
        CamPicture.Scale(values, -2, 2);

        var rgb = CamPicture.Overlay(xray, values, ColourMap.TwoSided, opacity: 1);

        Assert.Equal(ColourMap.TwoSided.At(0).ToArray(), rgb[..3]);
        Assert.All(rgb[3..6], channel => Assert.InRange(channel, 99, 101));
        Assert.Equal(ColourMap.TwoSided.At(1).ToArray(), rgb[6..]);
    }

    [Fact]
    public void ColourMaps_RiseInLightness_ExceptTheOneThatShowsWhyNot()
    {
        Assert.All(ColourMap.All.Where(map => !map.IsTwoSided), map => Assert.Equal(map == ColourMap.Jet, !Rises(map, 0, 1)));
        // From the middle, both ways: the stronger, whatever the sign, the brighter.
        Assert.All(ColourMap.All.Where(map => map.IsTwoSided), map => Assert.True(Rises(map, 0.5f, 1) && Rises(map, 0.5f, 0)));

        static bool Rises(ColourMap map, float from, float to)
        {
            var last = -1.0;
            for (var i = 0; i < ColourMap.Entries; i++)
            {
                var colour = map.At(from + (i / 255f * (to - from)));
                var luminance = 0.2126 * Math.Pow(colour[0] / 255.0, 2.2) + 0.7152 * Math.Pow(colour[1] / 255.0, 2.2) + 0.0722 * Math.Pow(colour[2] / 255.0, 2.2);
                if (luminance < last - 1e-3) return false;
                last = luminance;
            }
            return true;
        }
    }
}
