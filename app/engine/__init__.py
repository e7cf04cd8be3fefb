"""SERVICE FLOOR. Where rooms meet: the walk of a mail in, the walk of a reply out, every verb.

Of this floor a desk imports `client` and `queries`, nothing else.
"""
