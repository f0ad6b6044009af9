using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>Draws one phantom after another on the same planes. One painter a thread.</summary>
internal sealed class PhantomPainter
{
    private readonly FloatImage _matter = new(), _lungs = new(), _air = new(), _markings = new(), _work = new(), _scratch = new(), _stroke = new();

    /// <summary>The picture drawn last, 256 x 256 grey values.</summary>
    public byte[] Pixels { get; } = new byte[FloatImage.Side * FloatImage.Side];

    /// <returns>Where the pneumothorax lies on the picture; null without one.</returns>
    public (PixelBox? Box, ImageMask? Mask) Paint(Chest chest, SeededRandom random)
    {
        var brush = new Rasterizer(
            scale: random.Between(110, 144),
            turn: random.Normal() * (chest.Bedside ? 0.045 : 0.02),
            middle: new(FloatImage.Side / 2.0 + random.Between(-8, 8), FloatImage.Side / 2.0 + random.Between(-10, 8)),
            _stroke);

        _matter.Clear();
        SoftTissue.Body(_matter, _work, _scratch, brush, chest, random);
        SoftTissue.Air(_air, _lungs, _scratch, brush, chest);
        _matter.Add(_air, -(float)random.Between(0.58, 0.74));

        SoftTissue.Haze(_matter, _work, _scratch, _lungs, brush, chest, random);
        Markings(brush, chest, random);
        _matter.Add(_markings, 1);

        SoftTissue.Mediastinum(_matter, _air, _work, _scratch, brush, chest, random);
        SoftTissue.Abdomen(_matter, _work, _scratch, brush, chest, random);
        Skeleton.Draw(_matter, brush, chest, random);
        if (random.Chance(chest.Pneumothorax is null ? 0.3 : 0.18)) Distractors.SkinFold(_matter, brush, random.Chance(0.5) ? chest.Left : chest.Right, random);
        if (random.Chance(chest.Pneumothorax is null ? 0.5 : 0.25)) Distractors.StrayLine(_matter, brush, random.Chance(0.5) ? chest.Left : chest.Right, random);
        Devices.Draw(_matter, brush, chest, random);

        Film.Expose(_matter, _scratch, Pixels, chest.Bedside, random);
        Film.Crop(Pixels, random);
        Markers.Draw(Pixels, chest.Bedside, random);
        return chest.Pneumothorax is { } pneumothorax ? (Box(brush, pneumothorax), Mask(brush, pneumothorax)) : default;
    }

    /// <summary>The air, where it covers at least half of a pixel.</summary>
    private ImageMask? Mask(Rasterizer brush, Pneumothorax pneumothorax)
    {
        _scratch.Clear();
        brush.Fill(_scratch, pneumothorax.Air, 1);
        return ImageMask.Of([.. _scratch.Values.Select(share => share >= 0.5f)]);
    }

    /// <summary>Vessels and fine texture, which end where the lung does: at the wall, or at the surface of a collapsed lung.</summary>
    private void Markings(Rasterizer brush, Chest chest, SeededRandom random)
    {
        _markings.Clear();
        var strength = random.Between(0.9, 1.6);
        foreach (var lung in chest.Lungs) Vessels.Draw(_markings, brush, lung, strength, random);
        Texture(_markings, _work, random.Between(0.02, 0.06), random);

        _work.CopyFrom(_lungs);
        if (chest.Pneumothorax is { } pneumothorax)
        {
            _scratch.Clear();
            brush.Fill(_scratch, pneumothorax.Air, 1);
            for (var i = 0; i < _work.Values.Length; i++) _work.Values[i] *= 1 - Math.Min(1, _scratch.Values[i]);
        }
        _markings.Multiply(_work);

        if (chest.Pneumothorax is not { } collapsed) return;
        // Air alone absorbs a little less than lung; what is left of the lung is denser.
        _work.Clear();
        brush.Fill(_work, collapsed.Air, -random.Between(0.055, 0.125));
        brush.Fill(_work, collapsed.Collapsed, collapsed.Size == PneumothoraxSize.Large ? random.Between(0.03, 0.12) : random.Between(0, 0.03));
        _work.Soften(0.5f, _scratch);
        _markings.Add(_work, 1);
        var line = random.Between(0.12, 0.22);
        brush.Stroke(_markings, collapsed.Surface, _ => 0.0085, share => line * PortableMath.Smooth(share * 12) * PortableMath.Smooth((1 - share) * 8), Profiles.Line);
    }

    /// <summary>The lung's grain: noise of a few pixels' width.</summary>
    private void Texture(FloatImage target, FloatImage noise, double strength, SeededRandom random)
    {
        var grain = new SeededRandom(random.NextBits());
        for (var i = 0; i < noise.Values.Length; i++) noise.Values[i] = (float)(grain.Unit() - 0.5);
        noise.Blur(1, _scratch);
        target.Add(noise, (float)(strength * 6));
    }

    private static PixelBox? Box(Rasterizer brush, Pneumothorax pneumothorax)
    {
        double left = FloatImage.Side, top = FloatImage.Side, right = 0, bottom = 0;
        for (var i = 0; i < pneumothorax.Surface.Length; i++)
        {
            var (wall, surface) = (brush.ToPixel(pneumothorax.Lung.Wall[i]), brush.ToPixel(pneumothorax.Surface[i]));
            if ((wall - surface).Length < 1) continue;
            foreach (var at in (Vec[])[wall, surface])
            {
                (left, top) = (Math.Min(left, at.X), Math.Min(top, at.Y));
                (right, bottom) = (Math.Max(right, at.X), Math.Max(bottom, at.Y));
            }
        }
        (left, top, right, bottom) = (Math.Max(left, 0), Math.Max(top, 0), Math.Min(right, FloatImage.Side), Math.Min(bottom, FloatImage.Side));
        return right > left && bottom > top ? new(Math.Round(left, 1), Math.Round(top, 1), Math.Round(right - left, 1), Math.Round(bottom - top, 1)) : null;
    }
}
