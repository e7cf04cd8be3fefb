"""Small pieces that more than one pane is made of: chips, banners, toasts, skeletons, pages."""
